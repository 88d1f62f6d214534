using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation;

/// <summary>The gradients of operators. The gradient of an operator with branches differentiates its branches with the same catalogue.</summary>
internal interface IGradientCatalog
{
    /// <summary>Returns the gradient of a node's operator; null if there is none.</summary>
    IGradient? Find(NodeProto node);
}
