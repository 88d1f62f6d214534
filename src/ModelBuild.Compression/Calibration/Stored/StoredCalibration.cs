using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration.Stored;

/// <summary>
/// Calibration from a file, without data. Values are found by their computation, not by their names. If a step has changed the nodes before a value, the
/// stored statistics are no longer valid, and the request fails instead of returning a wrong range.
/// </summary>
internal sealed class StoredCalibration : ICalibrationContext
{
    private readonly string _path;
    private readonly string _again;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    /// <summary>Initializes an instance with the entries of a calibration file.</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="tensors">The entries of the file.</param>
    /// <param name="again">The remedy for messages: how to create the file again.</param>
    /// <exception cref="InvalidDataException">An entry is damaged.</exception>
    public StoredCalibration(string path, IReadOnlyList<StoredTensor> tensors, string again)
    {
        (_path, _again) = (path, again);
        foreach (var tensor in tensors)
        {
            // Each entry of the calibration file is decoded when the file is opened, so that damage is reported before the recipe starts.
            tensor.Statistics(tensor.Channels?.Axis);
            _tensors.TryAdd(tensor.Computation, tensor);
        }
    }

    public ISampleSource? All => null;

    public ISampleSource? Fit => null;

    public ISampleSource? HeldOut => null;

    public int Threads => Environment.ProcessorCount;

    /// <summary>Returns the statistics of a model input, or null when the input is not a float32 tensor.</summary>
    public TensorStatistics? Input(string name) => _tensors.GetValueOrDefault(ValueFingerprints.OfInput(name))?.Statistics(null);

    public IReadOnlyDictionary<string, TensorStatistics> Collect(OnnxModel model, StatisticsRequest request, CancellationToken cancellationToken)
    {
        var fingerprints = ValueFingerprints.Of(model);
        var constants = model.Proto.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var (known, unknown) = (new Dictionary<string, TensorStatistics>(StringComparer.Ordinal), new List<string>());
        var asked = request.Tensors.Distinct(StringComparer.Ordinal);
        foreach (var tensor in asked.Where(tensor => fingerprints.ContainsKey(tensor) && !constants.Contains(tensor)))
            if (_tensors.TryGetValue(fingerprints[tensor], out var stored))
                known[tensor] = stored.Statistics(request.ChannelAxes.TryGetValue(tensor, out var axis) ? axis : null);
            else
                unknown.Add(tensor);
        if (FirstFloat(model, unknown) is { } missing)
            throw new CompressionException(
                Codes.CalibrationData,
                $"The calibration file has no statistics of '{missing}' at this point of the recipe: "
                    + "an earlier step changed it, so that the recipe needs the data "
                    + $"(CalibrationData), or another version of ModelBuild wrote the file; {_again}.",
                _path
            );
        return known;
    }

    // Returns the name of the first of some values that is a float32 tensor; null if there is none. Other values have no statistics.
    private static string? FirstFloat(OnnxModel model, List<string> values)
    {
        if (values.Count == 0)
            return null;
        var types = ShapeInference.Describe(model, new Dictionary<string, long[]>(), values);
        return values.FirstOrDefault(value => !types.TryGetValue(value, out var tensor) || tensor.Type == DataType.Float);
    }
}
