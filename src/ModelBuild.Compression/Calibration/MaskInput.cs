namespace ModelBuild.Compression.Calibration;

/// <summary>Recognizes the inputs that mark each position [batch, positions] of a sample as real or as padding. The name of the input decides.</summary>
internal static class MaskInput
{
    private const int Rank = 2;

    /// <summary>Returns whether an input of a model is a mask, by its name and its number of axes.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="rank">The number of axes; null when it is undeclared.</param>
    public static bool IsMask(string name, int? rank) => rank == Rank && name.Contains("mask", StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns whether a position is real. In masks of padding, such as PyTorch's key_padding_mask, true marks a padded position.</summary>
    /// <param name="name">The mask's name.</param>
    /// <param name="flag">The mask's value at the position.</param>
    public static bool IsReal(string name, bool flag) => flag != name.Contains("padding", StringComparison.OrdinalIgnoreCase);
}
