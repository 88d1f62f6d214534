using System.Runtime.InteropServices;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Data;

namespace ModelBuild.Compression.Tests.Training.Data;

/// <summary>Opens the training data of tests, and reads the contents of batches.</summary>
internal static class TrainingFiles
{
    public const long Large = 1 << 30;

    public static TrainingSet Open(Net net, params string[] files) => Open(net, Large, files);

    public static TrainingSet Open(Net net, long memory, string[] files, string[]? validation = null, ulong seed = 1) =>
        TrainingSet.Open(files, validation ?? [], SignatureReader.Read(net.Build()), memory, seed, CancellationToken.None);

    public static float[] Floats(TrainingBatch batch, string input = "x") => Read<float>(batch, input);

    public static T[] Read<T>(TrainingBatch batch, string input)
        where T : unmanaged
    {
        var bytes = new byte[batch.Inputs.Single(one => one.Name == input).Type.Bytes!.Value];
        batch.CopyTo(input, bytes);
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    public static long[] Labels(TrainingBatch batch)
    {
        var labels = new long[batch.Labels];
        batch.CopyLabelsTo(labels);
        return labels;
    }

    /// <summary>Returns the numbers from 0 on, so that each number is its position in the file.</summary>
    public static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];
}
