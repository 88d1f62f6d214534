using System.CommandLine;
using ModelBuild.Cli.Data;
using ModelBuild.Cli.Data.Texts;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Commands;

/// <summary>
/// Provides the options that describe the inputs of a model, so that data may be files such as photographs, and synthetic inputs resemble them.
/// </summary>
internal sealed class DescriptionOptions
{
    public Option<string?> Image { get; } =
        new("--image")
        {
            Description =
                "The image that the model takes, for data of pictures: 'rgb resize(256) crop(224) scale(1/255)'. Default: what is found beside the model.",
            HelpName = "DESCRIPTION",
        };

    public Option<string?> Audio { get; } =
        new("--audio")
        {
            Description =
                "The sound that the model takes, for data of recordings: 'rate(16000) mel(80, 400, 160) log'. Default: what is found beside the model.",
            HelpName = "DESCRIPTION",
        };

    public Option<string?> Tokenizer { get; } =
        new("--tokenizer")
        {
            Description =
                "The tokenizer of the model, for data of texts: a folder, tokenizer.json, vocab.txt or tokenizer.model. Default: the one beside the model.",
            HelpName = "PATH",
        };

    public Option<string?> Labels { get; } =
        new("--labels")
        {
            Description = "The names of the classes. Folders with these names give pictures and sounds their labels. Default: what is found beside the model.",
            HelpName = "FILE",
        };

    public IEnumerable<Option> All => [Image, Audio, Tokenizer, Labels];

    /// <summary>Returns the files of data as arrays. Archives of other files are deleted when the program ends.</summary>
    /// <exception cref="CompressionException">MB1019: a file cannot be used as data.</exception>
    public IReadOnlyList<string> Prepare(ParseResult parseResult, string model, IReadOnlyList<string> files, CancellationToken cancellationToken) =>
        files.All(file => DataKinds.Of(file) == DataKind.Arrays) ? files : Data(parseResult, model, cancellationToken).Prepare(files, cancellationToken);

    /// <summary>Returns the files of data as arrays, with the descriptions of the model. Archives of other files are deleted when the program ends.</summary>
    /// <exception cref="CompressionException">MB1005, MB1020, MB1046: a description or the labels cannot be read; MB1019: a file cannot be used as
    /// data.</exception>
    public ModelData Read(ParseResult parseResult, string path, IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var described = Find(parseResult, path, model);
        var labels = ReadLabels(parseResult, model, described);
        var data = new PreparedData(path, model, described, labels, TemporaryFolder());
        return new ModelData(data.Prepare(files, cancellationToken), data.Pictures, described, labels);
    }

    /// <summary>Writes files that are not arrays into archives.</summary>
    /// <returns>The number of rows, and the paths of the archives.</returns>
    /// <exception cref="CompressionException">MB1019: a file cannot be used as data.</exception>
    public (int Rows, IReadOnlyList<string> Archives) Write(
        ParseResult parseResult,
        string model,
        IReadOnlyList<string> files,
        string path,
        CancellationToken cancellationToken
    ) => Data(parseResult, model, cancellationToken).Write(files, path, cancellationToken);

    /// <summary>Returns the descriptions that the command line gives, and those that are found beside the model.</summary>
    /// <exception cref="CompressionException">MB1005: an input is described wrongly; MB1046: a file beside the model cannot be
    /// read, or there is no such tokenizer.</exception>
    public DescribedModel Find(ParseResult parseResult, string path, CancellationToken cancellationToken)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        return Find(parseResult, path, model);
    }

    /// <summary>Returns the facts about the values of the model's inputs that the command line and the files beside the model state.</summary>
    /// <exception cref="CompressionException">MB1005: an input is described wrongly; MB1046: a file beside the model cannot be
    /// read, or there is no such tokenizer.</exception>
    public DescribedInputs Inputs(ParseResult parseResult, string model, CancellationToken cancellationToken)
    {
        var described = Find(parseResult, model, cancellationToken);
        return DescribedInputs.Of(described.Descriptions, SpecialTokens.Read(model, described.Vocabulary));
    }

    private DescribedModel Find(ParseResult parseResult, string path, OnnxModel model)
    {
        var signature = SignatureReader.Read(model);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parseResult.GetValue(Image) is { } image)
        {
            Check(Image, image, text => Images(text, signature));
            given.Add(ItemMetadata.Image.Name, image);
        }

        if (parseResult.GetValue(Audio) is { } audio)
        {
            Check(Audio, audio, AudioDescriptionParser.Parse);
            given.Add(ItemMetadata.Audio.Name, audio);
        }

        if (parseResult.GetValue(Tokenizer) is { } tokenizer)
            given.Add(ItemMetadata.Tokenizer.Name, tokenizer);
        return DescriptionSearch.Find(path, model, signature, given, Environment.CurrentDirectory);
    }

    // Returns the descriptions of images. A model with several inputs has a description for each image, by the name of the input.
    private static IReadOnlyList<ImageDescription> Images(string text, ModelSignature signature)
    {
        var named = NamedDescriptions.Divide(text, [.. signature.Inputs.Select(input => input.Name)]);
        return named.Count == 0 ? [ImageDescriptionParser.Parse(text)] : [.. named.Select(one => ImageDescriptionParser.Parse(one.Text))];
    }

    private static void Check<T>(Option option, string description, Func<string, T> parse)
    {
        try
        {
            parse(description);
        }
        catch (DescriptionException mistake)
        {
            throw new CompressionException(Codes.UnknownOption, $"{option.Name}: {mistake.Message}", null, mistake);
        }
    }

    private PreparedData Data(ParseResult parseResult, string path, CancellationToken cancellationToken)
    {
        var model = OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }, cancellationToken);
        var described = Find(parseResult, path, model);
        return new PreparedData(path, model, described, ReadLabels(parseResult, model, described), TemporaryFolder());
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
