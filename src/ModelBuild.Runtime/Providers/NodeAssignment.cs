namespace ModelBuild.Runtime.Providers;

/// <summary>Represents the provider that runs a node of a model.</summary>
/// <param name="Provider">The name of the provider in ONNX Runtime.</param>
/// <param name="Operator">The operator of the node.</param>
internal readonly record struct NodeAssignment(string Provider, string Operator);
