namespace ModelBuild.Compression.Training.Blocked;

/// <summary>A gradient of the weights of a convolution that a <see cref="ConvWeightKernel"/> computes after the training graph has run.</summary>
/// <param name="Value">The name of the gradient.</param>
/// <param name="Input">The output of the training graph that is the blocked input of the convolution.</param>
/// <param name="Gradient">The output of the training graph that is the blocked gradient of the convolution's output.</param>
/// <param name="Kernel">The kernel.</param>
internal sealed record ConvWeightSite(string Value, string Input, string Gradient, ConvWeightKernel Kernel);
