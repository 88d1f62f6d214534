namespace ModelBuild.Compression.Tuning.Allocation;

/// <summary>Neighbouring layers that get the same form.</summary>
/// <param name="Layers">The names of the weights of stored layers, or of the nodes of layers that compute in integers.</param>
/// <param name="Choices">The forms that ONNX Runtime can run, in the order of their costs.</param>
internal sealed record ChoiceGroup(IReadOnlyList<string> Layers, IReadOnlyList<Choice> Choices);
