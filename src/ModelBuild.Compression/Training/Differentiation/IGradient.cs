namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>The gradient of one operator: it adds the nodes that compute the gradients of a node's inputs from those of its outputs.</summary>
internal interface IGradient
{
    /// <summary>Returns the reason why this node has no gradient, such as an unsupported attribute; null if it has one.</summary>
    string? WhyNot(GradientNode node) => null;

    /// <summary>Adds the gradients of the inputs that need one.</summary>
    void Differentiate(GradientNode node);
}
