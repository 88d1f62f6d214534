namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>A gradient of the weights of a convolution, which a kernel of its own computes faster than the nodes of the backward graph.</summary>
/// <param name="Value">The name of the gradient.</param>
/// <param name="Input">The name of the input of the convolution.</param>
/// <param name="Gradient">The name of the gradient of its output.</param>
/// <param name="Window">The window of the convolution.</param>
internal sealed record ConvWeightGradient(string Value, string Input, string Gradient, ConvWindow Window);
