using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Preprocessing;

/// <summary>The request to make the preparation of images a part of a model.</summary>
/// <param name="Description">The description of the image that the model takes; null if there is none, which is an error.</param>
/// <param name="Pictures">The pictures on which the result is compared with the preparation of the generated class.</param>
internal sealed record PreprocessRequest(ValueDescription? Description, IPictureSource Pictures);
