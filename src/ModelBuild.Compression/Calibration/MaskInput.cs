namespace ModelBuild.Compression.Calibration;

/// <summary>Which inputs say what positions [batch, positions] of a sample are real and what positions only fill it up. Only the name tells.</summary>
internal static class MaskInput
{
    private const int Rank = 2;

    /// <summary>Whether an input is a mask.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="rank">How many axes it has; null where that is not known.</param>
    public static bool IsMask(string name, int? rank) => rank == Rank && name.Contains("mask", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a position is real. Masks of padding, such as PyTorch's key_padding_mask, are true where a position only fills up the row.</summary>
    /// <param name="name">The mask's name.</param>
    /// <param name="flag">The mask's value at the position.</param>
    public static bool IsReal(string name, bool flag) => flag != name.Contains("padding", StringComparison.OrdinalIgnoreCase);
}
