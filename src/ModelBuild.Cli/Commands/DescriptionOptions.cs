using System.CommandLine;
using ModelBuild.Cli.Data;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary>The options that describe the inputs of a model, so that data may be files such as photographs, and made inputs are like them.</summary>
internal sealed class DescriptionOptions
{
    public Option<string?> Image { get; } =
        new("--image")
        {
            Description =
                "The image that the model takes, for data of pictures: 'rgb resize(256) crop(224) scale(1/255)'. Default: what is found beside the model.",
            HelpName = "DESCRIPTION",
        };

    public Option<string?> Labels { get; } =
        new("--labels")
        {
            Description = "The names of the classes. Folders with these names give pictures their labels. Default: what is found beside the model.",
            HelpName = "FILE",
        };

    public IEnumerable<Option> All => [Image, Labels];

    /// <summary>Returns the files of data as arrays. Archives of other files are deleted when the program ends.</summary>
    /// <exception cref="CompressionException">MB1019: a file cannot be used as data.</exception>
    public IReadOnlyList<string> Prepare(ParseResult parseResult, string model, IReadOnlyList<string> files, CancellationToken cancellationToken) =>
        files.All(file => DataKinds.Of(file) == DataKind.Arrays) ? files : Data(parseResult, model, cancellationToken).Prepare(files, cancellationToken);

    /// <summary>Returns the files of data as arrays, and what the model means. Archives of other files are deleted when the program ends.</summary>
    /// <exception cref="CompressionException">MB1005, MB1020, MB1046: a description or the labels cannot be read; MB1019: a file cannot be used as
    /// data.</exception>
    public ModelData Read(ParseResult parseResult, string path, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        if (parseResult.GetValue(Image) is { } image)
            Check(image);
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var described = Find(parseResult, path, model);
        var labels = ReadLabels(parseResult, model, described);
        var data = new PreparedData(SignatureReader.Read(model), described, labels, TemporaryFolder());
        return new ModelData(data.Prepare(files, cancellationToken), data.Sources, described, labels);
    }

    /// <summary>Writes files that are not arrays into one archive.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="CompressionException">MB1019: a file cannot be used as data.</exception>
    public int Write(ParseResult parseResult, string model, IReadOnlyList<string> files, string path, CancellationToken cancellationToken) =>
        Data(parseResult, model, cancellationToken).Write(files, path, cancellationToken);

    /// <summary>Returns the descriptions that the command line gives, and those that are found beside the model.</summary>
    /// <exception cref="CompressionException">MB1005: the image is described wrongly; MB1046: a file beside the model cannot be
    /// read.</exception>
    public IReadOnlyList<ValueDescription> Find(ParseResult parseResult, string path, CancellationToken cancellationToken)
    {
        if (parseResult.GetValue(Image) is { } image)
            Check(image);
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        return Find(parseResult, path, model).Descriptions;
    }

    private DescribedModel Find(ParseResult parseResult, string path, OnnxModel model)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parseResult.GetValue(Image) is { } image)
            given.Add(ItemMetadata.Image.Name, image);
        return DescriptionSearch.Find(path, model, SignatureReader.Read(model), given);
    }

    private static void Check(string image)
    {
        try
        {
            ImageDescriptionParser.Parse(image);
        }
        catch (DescriptionException mistake)
        {
            throw new CompressionException(Codes.UnknownOption, $"--image: {mistake.Message}", null, mistake);
        }
    }

    private PreparedData Data(ParseResult parseResult, string path, CancellationToken cancellationToken)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var described = Find(parseResult, path, model);
        return new PreparedData(SignatureReader.Read(model), described, ReadLabels(parseResult, model, described), TemporaryFolder());
    }

    private IReadOnlyList<string> ReadLabels(ParseResult parseResult, OnnxModel model, DescribedModel described) =>
        parseResult.GetValue(Labels) is { } labels ? LabelSource.Read(labels, model) : described.Labels;

    private static string TemporaryFolder()
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-data-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
