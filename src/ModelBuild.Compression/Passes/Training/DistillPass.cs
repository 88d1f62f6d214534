using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Training;

/// <summary>
/// The step <c>distill</c>: replaces the model by a student, and trains the student to reproduce the outputs of the model before compression. The student is
/// optimized before training, so that normalizations are part of the weights that training changes.
/// </summary>
/// <param name="options">The options of the step.</param>
internal sealed class DistillPass(DistillOptions options) : IPass
{
    private const string Name = "distill";

    public void Run(PassContext context)
    {
        options.Training.Check(Name);
        if (options.Student is not { } file)
            throw new CompressionException(
                Codes.UnknownOption,
                $"'{Name}' needs a student: a smaller model with the same inputs and outputs, such as {Name}(student=small.onnx)."
            );
        var student = Load(file.In(context.Folder), context);
        ExactRewrites.Apply(student, new PassReport(), context.CancellationToken);
        context.Kept.Clear();
        TrainingRun.Train(context, student, options.Training, keepsZeros: false);
        context.Model.ReplaceWith(student);
        context.Report.Changed("models replaced by a student");
    }

    private static OnnxModel Load(string path, PassContext context)
    {
        var student = OnnxModel.Load(path, new OnnxLoadOptions { MapWeights = false }, context.CancellationToken);
        ModelPreparation.Prepare(student);
        SparseConstants.MakeDense(student);
        if (StudentContract.Differences(context.Model, student) is { Count: > 0 } differences)
            throw new CompressionException(
                Codes.UnknownOption,
                $"The student of '{Name}' needs the inputs and outputs of the model that it replaces: {string.Join("; ", differences)}.",
                path
            );
        StudentContract.Take(student, context.Model);
        return student;
    }
}
