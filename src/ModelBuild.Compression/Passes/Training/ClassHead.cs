using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>The last layer of a classifier, which computes the scores of the classes, and the nodes after it.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="After">The nodes that compute values from its output.</param>
/// <param name="Scores">The value with the scores before softmax or sigmoid.</param>
/// <param name="IsIndependent">Whether a sigmoid makes a probability of each score by itself.</param>
/// <param name="Outputs">The outputs of the model with a number for each class.</param>
internal sealed record ClassHead(NodeProto Layer, IReadOnlyList<NodeProto> After, string Scores, bool IsIndependent, IReadOnlyList<string> Outputs);
