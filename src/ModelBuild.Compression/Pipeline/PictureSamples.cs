using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Preprocessing;

namespace ModelBuild.Compression.Pipeline;

/// <summary>The pictures of a source as the inputs of a model that prepares them itself.</summary>
internal sealed class PictureSamples(PictureInput input, IPictureSource pictures) : ISampleSource
{
    public InputKind Kind => pictures.Kind;

    public IEnumerable<Sample> Read(CancellationToken cancellationToken) =>
        pictures.Read(input, cancellationToken).Select(picture => Of(input, picture.Picture, picture.File));

    /// <summary>Returns the inputs of a call in which one array holds the pictures.</summary>
    public static Sample Of(PictureInput input, SampleArray array, string? file) =>
        new(new Dictionary<string, SampleArray>(StringComparer.Ordinal) { [input.Name] = array }, Labels: null) { File = file };
}
