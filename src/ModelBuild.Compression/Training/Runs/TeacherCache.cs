using ModelBuild.Compression.Training.Data;

namespace ModelBuild.Compression.Training.Runs;

/// <summary>
/// The outputs of the teacher for rows that occur again: held-out rows, and training rows in later epochs. They are kept as long as they fit the memory, and
/// only for outputs that have one part for each row. Images that change at random have new outputs each time.
/// </summary>
/// <param name="teacher">The teacher.</param>
/// <param name="isRandom">Whether rows change at random.</param>
internal sealed class TeacherCache(Teacher teacher, bool isRandom)
{
    private const long MaxBytes = 512L << 20;

    private readonly Dictionary<int, byte[][]> _rows = [];
    private long _bytes;

    /// <summary>Computes outputs of the teacher for a batch, or copies outputs that were kept.</summary>
    /// <param name="inputs">The memory of each input.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="outputs">The outputs, each with the memory that receives it.</param>
    public void Run(Func<string, Memory<byte>> inputs, TrainingBatch batch, IReadOnlyList<(string Name, Memory<byte> Target)> outputs)
    {
        if (TryCopy(batch, outputs))
            return;
        teacher.Run(inputs, batch, outputs);
        if (isRandom || _bytes >= MaxBytes || !outputs.All(output => teacher.IsByRow(output.Name)))
            return;
        for (var i = 0; i < batch.Count; i++)
            if (_rows.TryAdd(batch.Draws[i].Row, [.. outputs.Select(output => Part(output.Target, batch.Count, i).ToArray())]))
                _bytes += outputs.Sum(output => (long)output.Target.Length / batch.Count);
    }

    private bool TryCopy(TrainingBatch batch, IReadOnlyList<(string Name, Memory<byte> Target)> outputs)
    {
        if (!batch.Draws.All(draw => _rows.ContainsKey(draw.Row)))
            return false;
        for (var i = 0; i < batch.Count; i++)
        for (var j = 0; j < outputs.Count; j++)
            _rows[batch.Draws[i].Row][j].CopyTo(Part(outputs[j].Target, batch.Count, i));
        return true;
    }

    private static Span<byte> Part(Memory<byte> memory, int count, int index) => memory.Span.Slice(memory.Length / count * index, memory.Length / count);
}
