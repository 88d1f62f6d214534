namespace ModelBuild.Protocol;

/// <summary>A model that <c>modelbuild serve</c> serves.</summary>
/// <param name="Name">The name in addresses.</param>
/// <param name="Path">The path of the file, as the command line has it.</param>
internal sealed record ServeModel(string Name, string Path);
