"""US auto loans as reported to the SEC under Regulation AB II (ABS-EE, Schedule AL).

`tape` is what a servicer reports, `files` reads it, `account` derives from it what a loan account
needs: opening position, dues, payments, extensions, reversals, closing. All but `files` is pure.
"""
