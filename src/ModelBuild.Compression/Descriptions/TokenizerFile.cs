namespace ModelBuild.Compression.Descriptions;

/// <summary>One file that turns texts into the token ids of a model.</summary>
/// <param name="Name">The name that the file has in a Hugging Face folder, such as <c>1_Pooling/config.json</c>.</param>
/// <param name="Path">The path of the file, which may have another name.</param>
internal sealed record TokenizerFile(string Name, string Path);
