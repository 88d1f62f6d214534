using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Targets;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Finds the step of a recipe after which ONNX Runtime does not load or run the model, and describes the layer and the remedy.</summary>
internal static class FaultyStep
{
    /// <summary>Returns the error of ONNX Runtime that caused an exception; null where there is none.</summary>
    public static OnnxRuntimeException? Cause(Exception exception) =>
        exception as OnnxRuntimeException ?? (exception as CompressionException)?.InnerException as OnnxRuntimeException;

    /// <summary>Creates the error for a step that fails in ONNX Runtime while it runs.</summary>
    public static CompressionException Failed(string step, OnnxRuntimeException exception) =>
        new(
            Codes.ModelUnreadable,
            $"The step '{step}' cannot be used on this model, because ONNX Runtime cannot run a part of it: {Sessions.Reason(exception)} Use another step.",
            inner: exception
        );

    /// <summary>Describes the fault of the result of a recipe, in one or two sentences.</summary>
    /// <param name="original">Creates a context with the model before the recipe.</param>
    /// <param name="recipe">The recipe whose result does not load or run.</param>
    /// <param name="sample">The sample on which the result does not run; null where the result does not load.</param>
    /// <param name="exception">The exception of ONNX Runtime for the result.</param>
    public static string Describe(Func<PassContext> original, Recipe recipe, Sample? sample, OnnxRuntimeException exception)
    {
        var context = original();
        if (Refusal(context, sample) is { } before)
            return $"ONNX Runtime does not load or run the original: {before.Reason}";
        string? text = null;
        try
        {
            RecipePipeline.RunEach(
                context,
                recipe,
                step =>
                {
                    text = Refusal(context, sample) is { } refusal ? Text(step, refusal) : null;
                    return text is null;
                }
            );
        }
        catch (CompressionException failed) when (Cause(failed) is not null)
        {
            text = failed.Message;
        }

        return text ?? Sessions.Reason(exception);
    }

    /// <summary>Opens a session for a result as it will be run on a target.</summary>
    /// <exception cref="OnnxRuntimeException">ONNX Runtime refuses it.</exception>
    public static InferenceSession Open(string path, TargetProfile target) => target.IsProcessor ? Sessions.Open(path) : AcceleratorArithmetic.Open(path);

    private static string Text(RecipeStep step, RuntimeRefusal refusal)
    {
        var canExclude = step.Definition.Options.Any(option => option.Name == "exclude");
        var remedy =
            refusal.Node is not null && canExclude
                ? $"Exclude that layer, {step.Definition.Name}(exclude={QuotedText.Quote(refusal.Node)}), or use another step."
                : "Use another step.";
        var where = refusal.Node is null ? "" : $", at the node '{refusal.Node}'";
        return $"after the step '{step}', ONNX Runtime cannot load or run the model{where}: {refusal.Reason} {remedy}";
    }

    private static RuntimeRefusal? Refusal(PassContext context, Sample? sample)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-");
        try
        {
            var path = Path.Combine(folder.FullName, "model.onnx");
            context.Model.Save(path, cancellationToken: context.CancellationToken);
            using var runner = new ModelRunner(Open(path, context.Target));
            if (sample is not null)
                runner.Run(sample, context.CancellationToken);
            return null;
        }
        catch (OnnxRuntimeException exception)
        {
            return RuntimeRefusal.Of(exception, context.Model);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
