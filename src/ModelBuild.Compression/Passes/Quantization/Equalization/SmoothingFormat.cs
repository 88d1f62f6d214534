using ModelBuild.Compression.Passes.Quantization.Dynamic;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>How the products of an activation will be quantized by <c>int8-dynamic</c>.</summary>
/// <param name="PerChannel">Whether weights have a scale for each output channel.</param>
/// <param name="Outliers">The largest number of columns of an activation that stay in float32.</param>
internal sealed record SmoothingFormat(bool PerChannel, int Outliers)
{
    /// <summary>Returns the format of the recipe's next <c>int8-dynamic</c>; if there is none, no outliers and a scale for each channel.</summary>
    /// <param name="following">The steps after <c>smooth-quant</c>.</param>
    public static SmoothingFormat Of(IEnumerable<RecipeStep> following) =>
        following.Select(step => step.Options).OfType<Int8DynamicOptions>().FirstOrDefault() is { } options
            ? new SmoothingFormat(options.PerChannel, options.Outliers)
            : new SmoothingFormat(PerChannel: true, Outliers: 0);
}
