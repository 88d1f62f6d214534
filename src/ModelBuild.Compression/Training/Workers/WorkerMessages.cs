using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Training.Workers;

/// <summary>Sends values of any length from worker 0 to all workers.</summary>
internal static class WorkerMessages
{
    /// <summary>Sends the bytes of worker 0 to all workers, and returns them.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="own">The bytes; those of other workers are ignored.</param>
    public static byte[] Share(this IWorkerGroup workers, byte[] own)
    {
        if (workers.Size == 1)
            return own;
        var length = new byte[sizeof(int)];
        if (workers.Rank == 0)
            BinaryPrimitives.WriteInt32LittleEndian(length, own.Length);
        workers.Broadcast(length);
        var bytes = workers.Rank == 0 ? own : new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        workers.Broadcast(bytes);
        return bytes;
    }

    /// <summary>Sends the text of worker 0 to all workers, and returns it.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="own">The text; those of other workers are ignored.</param>
    public static string Share(this IWorkerGroup workers, string own) => Encoding.UTF8.GetString(workers.Share(Encoding.UTF8.GetBytes(own)));

    /// <summary>Sends the arrays of worker 0 to all workers, and returns them.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="own">The arrays by name; those of other workers are ignored.</param>
    public static IReadOnlyDictionary<string, float[]> Share(this IWorkerGroup workers, IReadOnlyDictionary<string, float[]> own)
    {
        if (workers.Size == 1)
            return own;
        var lengths = own.ToDictionary(array => array.Key, array => array.Value.Length, StringComparer.Ordinal);
        lengths = JsonSerializer.Deserialize<Dictionary<string, int>>(workers.Share(JsonSerializer.Serialize(lengths)))!;
        var arrays = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var (name, length) in lengths)
        {
            arrays[name] = workers.Rank == 0 ? own[name] : new float[length];
            workers.Share(arrays[name]);
        }

        return arrays;
    }

    /// <summary>Replaces the numbers of an array in all workers by those of worker 0.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="values">The numbers, as many in each worker.</param>
    public static void Share(this IWorkerGroup workers, float[] values)
    {
        // The largest number of floats in one message, because a message has at most 2³¹ bytes.
        const int MaxCount = 1 << 26;
        if (workers.Size == 1)
            return;
        var buffer = new byte[(long)Math.Min(values.Length, MaxCount) * sizeof(float)];
        for (var start = 0; start < values.Length; start += MaxCount)
        {
            var part = MemoryMarshal.AsBytes(values.AsSpan(start, Math.Min(MaxCount, values.Length - start)));
            var message = buffer.AsMemory(0, part.Length);
            part.CopyTo(message.Span);
            workers.Broadcast(message);
            message.Span.CopyTo(part);
        }
    }

    /// <summary>Throws if the workers do not have the same text, such as the hash of the model that they train.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="own">The text.</param>
    /// <param name="what">The noun for the text in the message, after "workers have".</param>
    /// <exception cref="CompressionException">MB1052: a worker has another text than worker 0.</exception>
    /// <exception cref="WorkerZeroEndedException">Worker 0 has ended.</exception>
    public static void CheckSame(this IWorkerGroup workers, string own, string what)
    {
        if (workers.Size == 1)
            return;
        var others = new double[workers.Size];
        var first = workers.Share(own);
        if (WorkerEnd.Read(first) is { } exitCode)
            throw new WorkerZeroEndedException(exitCode);
        others[workers.Rank] = first == own ? 0 : 1;
        workers.Sum(others);
        int[] different = [.. Enumerable.Range(0, workers.Size).Where(rank => others[rank] > 0)];
        if (different.Length > 0)
            throw new CompressionException(
                Codes.WorkerLost,
                (different is [var one] ? $"Worker {one} has" : $"The workers {string.Join(", ", different)} have")
                    + $" {what} than worker 0. All workers need the same files, the same version of ModelBuild, and processors with the same instructions "
                    + "if a step before the training depends on data."
            );
    }
}
