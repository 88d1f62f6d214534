namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>The gradient of one operator. It adds the nodes that compute the gradients of a node's inputs from the gradients of its outputs.</summary>
internal interface IGradient
{
    /// <summary>Returns the reason why a node has no gradient, such as an unsupported attribute; null if it has one.</summary>
    string? WhyNot(GradientNode node) => null;

    /// <summary>Adds the nodes for the gradients of those inputs that need a gradient.</summary>
    void Differentiate(GradientNode node);
}
