using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Steps;

/// <summary>Sends the result of worker 0 to all workers, so that the steps of the recipe that follow begin with the same bits.</summary>
internal static class SharedStep
{
    /// <summary>Returns the training result of worker 0.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="own">The result; those of other workers are ignored.</param>
    public static TrainedStep Share(IWorkerGroup workers, TrainedStep own)
    {
        if (workers.Size == 1)
            return own;
        var count = int.Parse(workers.Share(FormattableString.Invariant($"{own.Constants.Count}")), CultureInfo.InvariantCulture);
        var constants = new TensorProto[count];
        for (var i = 0; i < count; i++)
            constants[i] = TensorProto.Parser.ParseFrom(workers.Share(workers.Rank == 0 ? own.Constants[i].ToByteArray() : []));
        return own with { Constants = constants, Report = JsonSerializer.Deserialize<TrainingReport>(workers.Share(JsonSerializer.Serialize(own.Report)))! };
    }
}
