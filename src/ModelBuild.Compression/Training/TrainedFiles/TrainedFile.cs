using System.Text.Encodings.Web;
using System.Text.Json;
using ModelBuild.Compression.Training.SafeTensors;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.TrainedFiles;

/// <summary>
/// Reads and writes trained files, <c>&lt;model&gt;.trained.safetensors</c>. A user trains where the data and the time are available, commits the file beside
/// the model, and builds without training. The tensors of a file are the constants of the training steps, and one text of its metadata is a
/// <see cref="TrainedDocument"/>.
/// </summary>
internal static class TrainedFile
{
    private const string DocumentName = "modelbuild";

    private static readonly JsonSerializerOptions _options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Returns the path of the trained file that is used by default: <c>digits.trained.safetensors</c> beside <c>digits.onnx</c>.</summary>
    public static string BesideModel(string modelPath) => Path.ChangeExtension(modelPath, null) + ".trained.safetensors";

    /// <summary>Writes a trained file under a temporary name, and renames it. Equal values give equal bytes.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="version">The version of ModelBuild.</param>
    /// <param name="origin">The origin of the values: the model, the data and the options of the training.</param>
    /// <param name="figures">The fidelity of the outputs after the recipe, in words; empty if it was not measured.</param>
    /// <param name="steps">The results of the training steps.</param>
    /// <param name="cancellationToken">Cancels the work. No incomplete file remains.</param>
    public static void Write(
        string path,
        string version,
        TrainingOrigin origin,
        IReadOnlyList<string> figures,
        IReadOnlyList<TrainedStep> steps,
        CancellationToken cancellationToken
    )
    {
        var stored = steps.Select(step => new StoredStep(step.Step, [.. step.Constants.Select(FileConstant.Packing).OfType<PackedConstant>()], step.Report));
        var document = new TrainedDocument(TrainedDocument.CurrentSchema, version, origin, figures, [.. stored]);
        var metadata = new Dictionary<string, string> { [DocumentName] = JsonSerializer.Serialize(document, _options), ["format"] = "modelbuild-trained" };
        var tensors = steps.SelectMany((step, i) => step.Constants.Select(constant => FileConstant.Of(i, constant)));
        var fullPath = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
        using var file = new AtomicFile(fullPath, onWritten: () => { }, cancellationToken);
        SafeTensorsWriter.Write(file.Stream, new SafeTensorsDocument(metadata, [.. tensors]));
        file.Commit();
    }

    /// <summary>Reads a trained file.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or another program or version wrote it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be read.</exception>
    public static (TrainedDocument Document, IReadOnlyList<TrainedStep> Steps) Read(string path)
    {
        var file = SafeTensorsReader.Read(path);
        if (!file.Metadata.TryGetValue(DocumentName, out var json))
            throw new InvalidDataException("it is a safetensors file, but not one of trained values");
        var document = Parse(json);
        if (document.Schema != TrainedDocument.CurrentSchema)
            throw new InvalidDataException($"it has the schema {document.Schema}, and this version reads {TrainedDocument.CurrentSchema}");
        var constants = document.Steps.Select(_ => new List<TensorProto>()).ToArray();
        foreach (var tensor in file.Tensors)
        {
            var (step, name) = FileConstant.Place(tensor.Name, constants.Length);
            constants[step].Add(FileConstant.Constant(name, tensor, document.Steps[step].Packed.FirstOrDefault(packed => packed.Name == name)));
        }

        return (document, [.. document.Steps.Select((step, i) => new TrainedStep(step.Step, constants[i], step.Report))]);
    }

    private static TrainedDocument Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainedDocument>(json, _options) ?? throw new InvalidDataException("its document is empty");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"its document cannot be read: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}
