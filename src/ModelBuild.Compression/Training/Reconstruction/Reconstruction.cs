using System.Globalization;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>
/// Trains the codes, scales and biases of a quantized model block by block, in the order of the graph. Each block is trained to compute the outputs of the
/// float model for the inputs that it has in the quantized model (BRECQ: Li et al., "Pushing the limit of post-training quantization by block reconstruction",
/// 2021).
/// </summary>
/// <param name="samples">The samples.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="work">Receives the error of each block.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class Reconstruction(ISampleSource samples, int threads, WorkLog work, CancellationToken cancellationToken)
{
    private const ulong Seed = 1;

    // The number of rows in a training batch.
    private const int BatchRows = 32;

    // The largest and the smallest number of calibration rows to train on.
    private const int MaxRows = 1024;
    private const int MinRows = 64;

    // The values between two blocks stay in memory for all rows. The first number limits their bytes. The second is the number of kinds of values: values of
    // the float model, values of the quantized model, and targets.
    private const double Memory = 2e9;
    private const int Copies = 3;

    // The limit of multiply-adds of the forward passes of all blocks, which bounds the number of steps for large models. With fewer than the least number of
    // steps, codes hardly move.
    private const double MaxWork = 8e11;
    private const int MinSteps = 50;

    // The largest number of different input shapes, because each needs sessions of its own.
    private const int MaxForms = 4;

    /// <summary>Trains the blocks of a copy of the model.</summary>
    /// <param name="model">The quantized model. It does not change.</param>
    /// <param name="reference">The float model.</param>
    /// <param name="values">Chooses the values of the prepared model that may change.</param>
    /// <param name="iterations">The largest number of steps of a block.</param>
    /// <param name="keepsZeros">Whether codes that are zero stay zero.</param>
    public ReconstructionResult Run(
        OnnxModel model,
        OnnxModel reference,
        Func<TrainableModel, IReadOnlyList<TrainedValue>> values,
        int iterations,
        bool keepsZeros
    )
    {
        var student = TrainableModel.Open(model, samples, keepsZeros, cancellationToken);
        var teacher = TrainableModel.Open(reference, samples, keepsZeros: false, cancellationToken);
        using var rows = TrainingSet.Copy(samples, SignatureReader.Read(student.Model), TrainingSource.RowMemory, Seed, cancellationToken);
        BlockBatch[] first = [.. rows.Sample(BatchRows, BatchRows).Select(Copy).Take(1)];
        if (first.Length == 0)
            return ReconstructionResult.Not("there are no samples to train on");
        var shapes = first[0].Inputs.Shapes();
        var types = RankInference.DescribeOutputs(teacher.Model, shapes);
        var exact = types.Where(type => type.Value.Type == DataType.Float).Select(type => type.Key).ToHashSet(StringComparer.Ordinal);
        var graph = new Graph(student.Model);
        var blocks = new BlockSearch(graph, exact, values(student)).Find();
        var affordable = MaxWork / Math.Max(1, LayerWork.Total(teacher.Model, shapes));
        if (affordable < Math.Min(MinSteps, iterations))
            return ReconstructionResult.Not("the model is so large that the allowed work is too little to train it");
        if (blocks.SelectMany(block => block.Outputs).Any(output => types[output].Bytes is null))
            return ReconstructionResult.Not("the sizes of values between its blocks are unknown before it runs");
        var bytes =
            blocks.SelectMany(block => block.Outputs).Select(output => (double)types[output].Bytes!.Value).DefaultIfEmpty(1).Max() / first[0].Inputs.Rows;
        var most = (int)Math.Min(MaxRows, Memory / (Copies * Math.Max(1, bytes)));
        if (most < MinRows)
            return ReconstructionResult.Not("the values between its blocks are so large that the allowed memory holds too few samples");
        BlockBatch[] fit = [.. OfFewForms(rows.Sample(BatchRows, most).Select(Copy))];
        BlockBatch[] heldOut = [.. OfFewForms(rows.HeldOut(BatchRows).Take(Math.Max(1, most / BatchRows / 4)).Select(Copy))];
        if (heldOut.Length == 0)
            return ReconstructionResult.Not("there are too few samples to hold some out");
        var trainer = new BlockTrainer((int)Math.Min(iterations, affordable), threads, cancellationToken);
        BlockBatch[] all = [.. fit, .. heldOut];
        var kept = 0;
        foreach (var (number, block) in blocks.Index())
        {
            SetTargets(BlockModel.Of(teacher.Model, block, types), block, all);
            var (before, after) = trainer.Train(block, BlockModel.Of(student.Model, block, types), fit, heldOut, DerivedSeed.Of(Seed, number));
            kept += after < before ? 1 : 0;
            Report(number, blocks.Count, before, after);
            foreach (var value in block.Values.Select(value => value.Input))
                graph.ReplaceConstant(value.Name, Tensors.Create(value.Name, value.Shape, value.Values.ToArray()));
            if (number < blocks.Count - 1)
                Advance(BlockModel.Of(student.Model, block, types), block, all);
        }

        return new ReconstructionResult(
            [.. blocks.SelectMany(block => block.Values).SelectMany(value => value.Constants())],
            kept,
            kept == 0 ? "no block has a smaller error on held-out rows than before the step" : null
        );
    }

    private static IEnumerable<BlockBatch> OfFewForms(IEnumerable<BlockBatch> batches)
    {
        var forms = new HashSet<string>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            if (forms.Count < MaxForms)
                forms.Add(batch.Form);
            if (forms.Contains(batch.Form))
                yield return batch;
        }
    }

    private void Report(int number, int count, double before, double after) =>
        work.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"block {number + 1} of {count}: {SignedNumber.Of(Decibels.Of(1, before), 1)} dB before, "
                    + $"{SignedNumber.Of(Decibels.Of(1, after), 1)} dB after"
            )
        );

    private void SetTargets(OnnxModel model, Block block, BlockBatch[] batches)
    {
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        foreach (var batch in batches)
            batch.Targets = Run(runner, batch.With(block.Input, batch.Exact), block.Outputs);
    }

    // Makes the outputs of a block the inputs of the next block.
    private void Advance(OnnxModel model, Block block, BlockBatch[] batches)
    {
        var output = block.Outputs[0];
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        foreach (var batch in batches)
        {
            batch.Quantized = Run(runner, batch.With(block.Input, batch.Quantized), block.Outputs)[output];
            batch.Exact = batch.Targets[output];
        }
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

    private static BlockBatch Copy(TrainingBatch batch) =>
        new(new Sample(batch.Inputs.ToDictionary(input => input.Name, input => Copy(batch, input), StringComparer.Ordinal), Labels: null));

    private static SampleArray Copy(TrainingBatch batch, Buffers.InputTensor input)
    {
        var data = new byte[input.Type.Bytes!.Value];
        batch.CopyTo(input.Name, data);
        return new SampleArray(input.Type.Type, input.Type.Shape, data);
    }
}
