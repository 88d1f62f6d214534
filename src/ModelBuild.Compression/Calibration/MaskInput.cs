namespace ModelBuild.Compression.Calibration;

/// <summary>Which inputs say what positions [batch, positions] of a sample are real and what positions only fill it up. Only the name tells.</summary>
internal static class MaskInput
{
    private const int Rank = 2;

    /// <summary>Whether an input is a mask.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="rank">How many axes it has; null where that is not known.</param>
    public static bool IsMask(string name, int? rank) => rank == Rank && name.Contains("mask", StringComparison.OrdinalIgnoreCase);
}
