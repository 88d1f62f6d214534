namespace ModelBuild.Protocol;

/// <summary>Represents a model that <c>modelbuild serve</c> serves.</summary>
/// <param name="Name">The name in addresses.</param>
/// <param name="Path">The path of the model file, as the command line states it.</param>
internal sealed record ServeModel(string Name, string Path);
