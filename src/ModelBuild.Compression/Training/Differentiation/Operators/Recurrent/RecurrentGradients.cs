namespace ModelBuild.Compression.Training.Differentiation.Operators.Recurrent;

/// <summary>The gradients of one direction of a recurrent layer.</summary>
/// <param name="Inputs">That of the products with the input, [steps·batch, gates·hidden].</param>
/// <param name="Hiddens">That of the products with the hidden values, of the same shape. The biases of both products have their sums.</param>
/// <param name="HiddenWeights">That of the weights of the hidden values.</param>
/// <param name="Hidden">That of the first hidden values.</param>
/// <param name="Cell">That of the first cell values; null for a layer without them.</param>
internal sealed record RecurrentGradients(string Inputs, string Hiddens, string HiddenWeights, string Hidden, string? Cell = null);
