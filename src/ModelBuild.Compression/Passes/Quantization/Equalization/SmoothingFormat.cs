using ModelBuild.Compression.Passes.Quantization.Dynamic;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>How the products behind an activation are expected to be quantized: as <c>int8-dynamic</c> does it.</summary>
/// <param name="PerChannel">Whether weights have a scale for each output channel.</param>
/// <param name="Outliers">How many columns of an activation stay in float32 at most.</param>
internal sealed record SmoothingFormat(bool PerChannel, int Outliers)
{
    /// <summary>The format of the recipe's next <c>int8-dynamic</c>; whole products with a scale for each channel where there is none.</summary>
    /// <param name="following">The steps behind <c>smooth-quant</c>.</param>
    public static SmoothingFormat Of(IEnumerable<RecipeStep> following) =>
        following.Select(step => step.Options).OfType<Int8DynamicOptions>().FirstOrDefault() is { } options
            ? new SmoothingFormat(options.PerChannel, options.Outliers)
            : new SmoothingFormat(PerChannel: true, Outliers: 0);
}
