namespace ModelBuild.Runtime.Providers;

/// <summary>The provider that runs a node.</summary>
/// <param name="Provider">The name of the provider in ONNX Runtime.</param>
/// <param name="Operator">The operator of the node.</param>
internal readonly record struct NodeAssignment(string Provider, string Operator);
