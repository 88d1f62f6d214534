namespace ModelBuild.Compression.Tuning;

/// <summary>Specifies the goal of a study.</summary>
internal enum TuneGoal
{
    /// <summary>The smallest model within the budget.</summary>
    Size,

    /// <summary>The fastest model within the budget.</summary>
    Speed,

    /// <summary>The model within the budget with the least product of the shares of bytes and of time.</summary>
    Balanced,
}
