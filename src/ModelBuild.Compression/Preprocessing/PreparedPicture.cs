using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>A picture as the input of a call, repeated for each row of the call, and the tensor that the generated class prepares from it.</summary>
/// <param name="Picture">The bytes of red, green and blue with the dimensions images, rows, columns and channels.</param>
/// <param name="Prepared">The tensor in the type and with the dimensions of the model's input.</param>
/// <param name="File">The file of the picture; null for a synthetic picture.</param>
internal sealed record PreparedPicture(SampleArray Picture, SampleArray Prepared, string? File);
