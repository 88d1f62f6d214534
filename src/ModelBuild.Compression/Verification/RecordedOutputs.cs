using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Stores the outputs of the original in a temporary file. Memory does not grow with the number of calls, the original need not be loaded together with a
/// candidate, and a second candidate does not need another run of the original.
/// </summary>
internal sealed class RecordedOutputs : IDisposable
{
    private readonly FileStream _file;
    private readonly long _start;

    /// <summary>Creates an empty recording in a temporary file.</summary>
    public RecordedOutputs() =>
        _file = new FileStream(
            Path.Combine(Path.GetTempPath(), $"modelbuild-{Path.GetRandomFileName()}"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );

    // Opens a recording of outputs that begins at the present position of the file.
    private RecordedOutputs(FileStream file, int calls) => (_file, _start, Calls) = (file, file.Position, calls);

    /// <summary>The number of recorded calls.</summary>
    public int Calls { get; private set; }

    /// <summary>The size of the recording in bytes.</summary>
    public long Bytes => _file.Length - _start;

    /// <summary>Opens a recording that <see cref="CopyTo"/> has written. No further calls can be added to it.</summary>
    /// <param name="file">The file at the beginning of the recording. It is disposed with the result.</param>
    /// <returns>The recording, and its total number of rows.</returns>
    public static (RecordedOutputs Outputs, long Rows) Open(FileStream file)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        var (calls, rows) = (reader.ReadInt32(), reader.ReadInt64());
        return (new RecordedOutputs(file, calls), rows);
    }

    /// <summary>Copies the recording to a stream, with the number of rows.</summary>
    /// <param name="target">The stream to write to.</param>
    /// <param name="rows">The total number of rows of the calls.</param>
    public void CopyTo(Stream target, long rows)
    {
        using var writer = new BinaryWriter(target, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write(Calls);
        writer.Write(rows);
        writer.Flush();
        _file.Position = _start;
        _file.CopyTo(target);
    }

    /// <summary>Adds the outputs of one call; null for a missing value.</summary>
    public void Add(IReadOnlyList<OutputValues?> outputs)
    {
        using var writer = new BinaryWriter(_file, System.Text.Encoding.UTF8, leaveOpen: true);
        foreach (var output in outputs)
        {
            writer.Write(output is not null);
            if (output is null)
                continue;
            writer.Write(output.IsFloat);
            Write(writer, output.Shape);
            Write(writer, output.Numbers);
            writer.Write(output.Texts.Length);
            foreach (var text in output.Texts)
                writer.Write(text);
        }

        Calls++;
    }

    /// <summary>Reads the recorded calls in their order, each with <paramref name="outputs"/> values. Only one enumeration may run at a time.</summary>
    public IEnumerable<IReadOnlyList<OutputValues?>> Read(int outputs)
    {
        _file.Position = _start;
        using var reader = new BinaryReader(_file, System.Text.Encoding.UTF8, leaveOpen: true);
        for (var call = 0; call < Calls; call++)
        {
            var values = new OutputValues?[outputs];
            for (var i = 0; i < outputs; i++)
                values[i] = !reader.ReadBoolean()
                    ? null
                    : new OutputValues(
                        reader.ReadBoolean(),
                        Read<long>(reader),
                        Read<double>(reader),
                        [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString())]
                    );
            yield return values;
        }
    }

    public void Dispose() => _file.Dispose();

    private static void Write<T>(BinaryWriter writer, T[] values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static T[] Read<T>(BinaryReader reader)
        where T : unmanaged
    {
        var values = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
