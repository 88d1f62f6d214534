namespace ModelBuild.Runtime.Providers;

/// <summary>Which provider a node went to.</summary>
/// <param name="Provider">ONNX Runtime's name of it.</param>
/// <param name="Operator">What the node does.</param>
internal readonly record struct NodeAssignment(string Provider, string Operator);
