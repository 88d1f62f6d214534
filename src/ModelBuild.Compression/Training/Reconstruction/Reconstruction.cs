using System.Globalization;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Reconstruction;

internal sealed class Reconstruction(ISampleSource samples, int threads, CancellationToken cancellationToken)
{
    private const ulong Seed = 1;
    private const int BatchRows = 32;

    public IReadOnlyList<TensorProto> Run(OnnxModel model, OnnxModel reference, int iterations, bool keepsZeros)
    {
        var student = TrainableModel.Open(model, samples, keepsZeros, cancellationToken);
        var teacher = TrainableModel.Open(reference, samples, keepsZeros: false, cancellationToken);
        using var rows = TrainingSet.Copy(samples, SignatureReader.Read(student.Model), TrainingSource.RowMemory, Seed, cancellationToken);
        BlockBatch[] fit = [.. rows.Sample(BatchRows, int.MaxValue).Select(Copy)];
        BlockBatch[] heldOut = [.. rows.HeldOut(BatchRows).Select(Copy)];
        BlockBatch[] all = [.. fit, .. heldOut];
        var shapes = fit[0].Inputs.Shapes();
        var types = RankInference.DescribeOutputs(teacher.Model, shapes);
        var exact = types.Where(type => type.Value.Type == DataType.Float).Select(type => type.Key).ToHashSet(StringComparer.Ordinal);
        var graph = new Graph(student.Model);
        IReadOnlyList<TrainedValue> values = student.Values();
        var blocks = new BlockSearch(graph, exact, values).Find();
        var trainer = new BlockTrainer(iterations, threads, cancellationToken);
        foreach (var (number, block) in blocks.Index())
        {
            using (var runner = new ModelRunner(Sessions.OpenPortable(BlockModel.Of(teacher.Model, block, types))))
                foreach (var batch in all)
                    batch.Targets = Run(runner, batch.With(block.Input, batch.Exact), block.Outputs);
            var quantized = BlockModel.Of(student.Model, block, types);
            var (before, after) = trainer.Train(block, quantized, fit, heldOut, DerivedSeed.Of(Seed, number));
            Log(
                string.Create(CultureInfo.InvariantCulture, $"block {number + 1} of {blocks.Count} ({block.Input} to {string.Join(',', block.Outputs)}; {block.Values.Count} tensors): {-10 * Math.Log10(before):0.0} → {-10 * Math.Log10(after):0.0} dB")
            );
            foreach (var value in block.Values)
                graph.ReplaceConstant(value.Input.Name, Tensors.Create(value.Input.Name, value.Input.Shape, value.Input.Values.ToArray()));
            if (number == blocks.Count - 1)
                break;
            using (var runner = new ModelRunner(Sessions.OpenPortable(BlockModel.Of(student.Model, block, types))))
                foreach (var batch in all)
                    batch.Quantized = Run(runner, batch.With(block.Input, batch.Quantized), block.Outputs)[block.Outputs[0]];
            foreach (var batch in all)
                batch.Exact = batch.Targets[block.Outputs[0]];
        }

        return [.. blocks.SelectMany(block => block.Values).SelectMany(value => value.Constants())];
    }

    private Dictionary<string, SampleArray> Run(ModelRunner runner, Sample sample, IReadOnlyList<string> outputs)
    {
        using var results = runner.Run(sample, outputs, cancellationToken);
        return outputs
            .Zip(results)
            .ToDictionary(
                output => output.First,
                output => new SampleArray(DataType.Float, output.Second.GetTensorTypeAndShape().Shape, output.Second.GetTensorMutableRawData().ToArray()),
                StringComparer.Ordinal
            );
    }

    public static void Log(string line)
    {
        if (Environment.GetEnvironmentVariable("R_LOG") is { } file)
            File.AppendAllText(file, line + "\n");
    }

    private static BlockBatch Copy(TrainingBatch batch) =>
        new(
            new Sample(
                batch.Inputs.ToDictionary(
                    input => input.Name,
                    input =>
                    {
                        var data = new byte[input.Type.Bytes!.Value];
                        batch.CopyTo(input.Name, data);
                        return new SampleArray(input.Type.Type, input.Type.Shape, data);
                    },
                    StringComparer.Ordinal
                ),
                Labels: null
            )
        );
}
