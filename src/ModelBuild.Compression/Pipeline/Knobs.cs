namespace ModelBuild.Compression.Pipeline;

/// <summary>The names of the knobs that may be given in vain.</summary>
public static class Knobs
{
    /// <summary>The steps.</summary>
    public const string Compression = "Compression";

    /// <summary>Real inputs.</summary>
    public const string CalibrationData = "CalibrationData";

    /// <summary>What outputs hold.</summary>
    public const string Fidelity = "Fidelity";

    /// <summary>The budget of class scores.</summary>
    public const string MaxAccuracyLoss = "MaxAccuracyLoss";

    /// <summary>The budget of all other outputs.</summary>
    public const string MinSqnr = "MinSqnr";
}
