using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes.Optimization.Dimensions;

/// <param name="Dimensions">Sizes by the name of a dimension, or by input and axis: <c>batch=1</c>, <c>image/2=224</c>.</param>
internal sealed record FixDimensionsOptions(NamedNumbers? Dimensions = null);
