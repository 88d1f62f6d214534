using ModelBuild.Compression.Tuning.Results;

namespace ModelBuild.Compression.Tests.Tuning;

/// <summary>Creates results of trials that did not run.</summary>
internal static class Trials
{
    /// <summary>Returns a result within the budget.</summary>
    public static TrialResult Result(long bytes, double? time, double sqnrDb) =>
        new()
        {
            Written = "optimize",
            Bytes = bytes,
            ZippedBytes = bytes,
            MultiplyAdds = 1,
            PredictedTime = time,
            Outputs = [],
            SqnrDb = sqnrDb,
            Judged = 1,
            ExpectedLoss = null,
            IsWithinBudget = true,
            Sha256 = "",
        };
}
