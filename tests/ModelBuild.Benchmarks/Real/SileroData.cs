using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.RealData;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Real;

/// <summary>Calls of the voice detector on speech, each with the state that the previous call returned.</summary>
internal static class SileroData
{
    private const int StateSize = 2 * 128;
    private const long Rate = 16000;

    /// <summary>Writes the first two thirds of the minute for calibration, or the rest for tests.</summary>
    public static void Save(string path, string model, bool isTest)
    {
        float[][] chunks = [.. Speech.Chunks()];
        var states = States(model, chunks);
        var first = chunks.Length * 2 / 3;
        var range = isTest ? first..chunks.Length : ..first;
        var count = range.GetOffsetAndLength(chunks.Length).Length;
        using var archive = new NumpyArchive(path);
        archive.Add("input", [count, 1, chunks[0].Length], chunks[range]);
        archive.Add("state", [count, 2, 1, 128], states[range]);
        archive.Add<long>(
            "sr",
            [],
            [
                [Rate],
            ]
        );
    }

    private static float[][] States(string model, float[][] chunks)
    {
        using var runner = new ModelRunner(new InferenceSession(model));
        var states = new float[chunks.Length][];
        var state = new float[StateSize];
        for (var i = 0; i < chunks.Length; i++)
        {
            states[i] = state;
            var inputs = new Dictionary<string, SampleArray>
            {
                ["input"] = new(DataType.Float, [1, chunks[i].Length], Bytes(chunks[i])),
                ["state"] = new(DataType.Float, [2, 1, 128], Bytes(state)),
                ["sr"] = new(DataType.Int64, [], BitConverter.GetBytes(Rate)),
            };
            state = [.. runner.Run(new Sample(inputs, Labels: null), CancellationToken.None)[1].Numbers.Select(value => (float)value)];
        }

        return states;
    }

    private static byte[] Bytes(float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();
}
