using ModelBuild.Generator.Classes;
using ModelBuild.Generator.Code;

namespace ModelBuild.Generator.Emit;

/// <summary>Writes the class that combines concurrent calls, for models whose inputs and outputs all start with the batch dimension.</summary>
internal static class BatcherEmitter
{
    public static void Emit(CodeWriter writer, ModelClass model)
    {
        var name = ClassEmitter.Name(model);
        writer.Line("/// <summary>Opens a batcher, which combines concurrent calls into one run. Dispose the batcher before the model.</summary>");
        writer.Line(
            "/// <param name=\"options\">The largest number of rows in a run, and the time that a call may wait for others. "
                + "The defaults apply if it is null.</param>"
        );
        writer.Open($"public Batcher OpenBatcher({RuntimeTypes.Namespace}BatcherOptions? options = null)");
        writer.Line($"return new Batcher(this, {LoadingEmitter.Host}.OpenBatcher(options));");
        writer.Close();
        writer.Gap();

        writer.Line("/// <summary>Combines concurrent calls into one run. Each caller gets the outputs of its own rows and only its own errors.</summary>");
        writer.Open("public sealed class Batcher : global::System.IAsyncDisposable, global::System.IDisposable");
        writer.Line($"private readonly {name} _model;");
        writer.Line($"private readonly {RuntimeTypes.Namespace}ModelBatcher _batcher;");
        writer.Gap();
        writer.Open($"internal Batcher({name} model, {RuntimeTypes.Namespace}ModelBatcher batcher)");
        writer.Line("_model = model;");
        writer.Line("_batcher = batcher;");
        writer.Close();
        writer.Gap();

        RunEmitter.BatchedRunAsync(writer, model);

        writer.Line("/// <summary>Refuses further calls, completes the waiting ones, and releases the batcher.</summary>");
        writer.Open("public global::System.Threading.Tasks.ValueTask DisposeAsync()");
        writer.Line("return _batcher.DisposeAsync();");
        writer.Close();
        writer.Gap();
        writer.Line(
            "/// <summary>Refuses further calls, completes the waiting ones, and releases the batcher. The method returns when this is done.</summary>"
        );
        writer.Open("public void Dispose()");
        writer.Line("_batcher.Dispose();");
        writer.Close();
        writer.Close();
        writer.Gap();
    }
}
