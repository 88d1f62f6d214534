using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// The statistics that processes with the same samples share. Only the results of equal requests for equal models are shared: ONNX Runtime fuses other nodes
/// if other values are observed, so that statistics of equal values may differ in the last digits, and a result must not depend on what was shared.
/// </summary>
/// <param name="results">Where the statistics are stored. Its key has the samples.</param>
internal sealed class SharedStatistics(SharedResults results)
{
    /// <summary>Returns the statistics that an equal earlier request stored for an equal model; null if there was none.</summary>
    /// <param name="fingerprints">The fingerprints of the values of the model.</param>
    /// <param name="request">The request.</param>
    public IReadOnlyDictionary<string, TensorStatistics>? Find(IReadOnlyDictionary<string, string> fingerprints, StatisticsRequest request)
    {
        using var file = results.Open(Name(fingerprints, request));
        if (file is null)
            return null;
        using var reader = new BinaryReader(file);
        var found = new Dictionary<string, TensorStatistics>(StringComparer.Ordinal);
        for (var count = reader.ReadInt32(); count > 0; count--)
            found[reader.ReadString()] = Read(reader);
        return found;
    }

    /// <summary>Stores the statistics of a request, so that other processes can use them.</summary>
    /// <param name="fingerprints">The fingerprints of the values of the model.</param>
    /// <param name="request">The request.</param>
    /// <param name="collected">The statistics.</param>
    public void Add(IReadOnlyDictionary<string, string> fingerprints, StatisticsRequest request, IReadOnlyDictionary<string, TensorStatistics> collected) =>
        results.Save(
            Name(fingerprints, request),
            file =>
            {
                using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
                writer.Write(collected.Count);
                foreach (var (tensor, statistics) in collected)
                {
                    writer.Write(tensor);
                    Write(writer, statistics);
                }
            },
            collected.Count * (long)TensorStatistics.Bins * sizeof(long)
        );

    private static string Name(IReadOnlyDictionary<string, string> fingerprints, StatisticsRequest request)
    {
        var text = new StringBuilder("statistics\n");
        foreach (var (value, fingerprint) in fingerprints)
            Line(text, value, fingerprint);
        Line(text, "request", request.Histograms ? "with histograms" : "");
        foreach (var tensor in request.Tensors)
            Line(text, tensor, request.ChannelAxes.TryGetValue(tensor, out var axis) ? axis.ToString(CultureInfo.InvariantCulture) : "");
        foreach (var (tensor, known) in request.Known.OrderBy(known => known.Key, StringComparer.Ordinal))
        {
            using var bytes = new MemoryStream();
            using var writer = new BinaryWriter(bytes);
            Write(writer, known);
            writer.Flush();
            Line(text, tensor, Convert.ToHexStringLower(bytes.ToArray()));
        }

        return text.ToString();
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append(name).Append('\0').Append(value).Append('\n');

    private static void Write(BinaryWriter writer, TensorStatistics statistics)
    {
        foreach (var number in new[] { statistics.Min, statistics.Max, statistics.MeanMin, statistics.MeanMax, statistics.MovingMin, statistics.MovingMax })
            writer.Write(number);
        writer.Write(statistics.HasUnfinite);
        Write(writer, statistics.Histogram);
        Write(writer, statistics.ChannelMin);
        Write(writer, statistics.ChannelMax);
    }

    private static TensorStatistics Read(BinaryReader reader)
    {
        float Next() => reader.ReadSingle();
        var (min, max, meanMin, meanMax, movingMin, movingMax) = (Next(), Next(), Next(), Next(), Next(), Next());
        var hasUnfinite = reader.ReadBoolean();
        return new TensorStatistics(min, max, meanMin, meanMax, movingMin, movingMax, Read<long>(reader), Read<float>(reader), Read<float>(reader))
        {
            HasUnfinite = hasUnfinite,
        };
    }

    private static void Write<T>(BinaryWriter writer, T[]? values)
        where T : unmanaged
    {
        writer.Write(values?.Length ?? -1);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static T[]? Read<T>(BinaryReader reader)
        where T : unmanaged
    {
        var length = reader.ReadInt32();
        if (length < 0)
            return null;
        var values = new T[length];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
