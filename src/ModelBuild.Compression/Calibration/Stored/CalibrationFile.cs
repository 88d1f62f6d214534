using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>
/// Reads and writes calibration files, <c>&lt;model&gt;.calibration.json</c>. A user creates the file where the data are available, commits it beside the
/// model, and builds without the data. The file has one value per line, so that a diff shows the changed values.
/// </summary>
internal static class CalibrationFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Returns the path of the calibration file that is used by default: <c>digits.calibration.json</c> beside <c>digits.onnx</c>.</summary>
    public static string BesideModel(string modelPath) => Path.ChangeExtension(modelPath, null) + ".calibration.json";

    /// <summary>Returns the text of a calibration file. Equal documents give equal texts.</summary>
    internal static string ToJson(CalibrationDocument document)
    {
        var text = new StringBuilder("{\n");
        Line("schema", document.Schema);
        Line("modelBuild", document.ModelBuild);
        Line("model", document.Model);
        Line("data", document.Data);
        text.Append("  \"tensors\": [");
        foreach (var (i, tensor) in document.Tensors.Index())
            text.Append(i == 0 ? "\n    " : ",\n    ").Append(JsonSerializer.Serialize(tensor, Options));
        return text.Append("\n  ]\n}\n").ToString();

        void Line<T>(string name, T value) => text.Append("  \"").Append(name).Append("\": ").Append(JsonSerializer.Serialize(value, Options)).Append(",\n");
    }

    /// <summary>Reads a calibration file with the statistics for a model.</summary>
    /// <param name="path">The calibration file.</param>
    /// <param name="modelFiles">The model file, followed by its external data.</param>
    /// <exception cref="CompressionException">MB1019: the file cannot be read, or it belongs to another model.</exception>
    internal static StoredCalibration Load(string path, IReadOnlyList<string> modelFiles)
    {
        var again = $"create it again with 'modelbuild calibrate {Path.GetFileName(modelFiles[0])} --calibration-data …', or delete it";
        try
        {
            var document = JsonSerializer.Deserialize<CalibrationDocument>(File.ReadAllText(path), Options) ?? throw new InvalidDataException("it is empty");
            if (document.Schema != CalibrationDocument.CurrentSchema)
                throw new InvalidDataException($"it has the schema {document.Schema}, and this version reads {CalibrationDocument.CurrentSchema}");
            if (document.Model.Sha256 != CalibratedModel.Of(modelFiles).Sha256)
                throw new CompressionException(
                    Codes.CalibrationData,
                    $"The calibration file belongs to another model, or to this one before it changed: {again}.",
                    path
                );
            return new StoredCalibration(path, document.Tensors, again);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new CompressionException(
                Codes.CalibrationData,
                $"The calibration file cannot be used: {exception.Message.TrimEnd('.')}; {again}.",
                path,
                exception
            );
        }
    }
}
