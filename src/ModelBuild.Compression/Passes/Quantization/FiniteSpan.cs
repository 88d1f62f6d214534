namespace ModelBuild.Compression.Passes.Quantization;

internal static class FiniteSpan
{
    /// <summary>Whether no value is NaN or infinite.</summary>
    public static bool IsFinite(this ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value))
                return false;
        return true;
    }
}
