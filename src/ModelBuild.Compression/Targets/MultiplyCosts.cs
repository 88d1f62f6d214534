namespace ModelBuild.Compression.Targets;

/// <summary>The cost of one multiply-add, in picoseconds.</summary>
/// <param name="Convolution">In a convolution that sums up many products for each output.</param>
/// <param name="ConvolutionOverhead">
/// The additional cost of a convolution for each output element, which is divided by the number of products in the element.
/// </param>
/// <param name="Depthwise">In a depthwise convolution.</param>
/// <param name="Product">In a matrix product.</param>
/// <param name="ProductOfFewRows">In a matrix product of a few rows, which waits for its weights.</param>
internal sealed record MultiplyCosts(double Convolution, double ConvolutionOverhead, double Depthwise, double Product, double ProductOfFewRows);
