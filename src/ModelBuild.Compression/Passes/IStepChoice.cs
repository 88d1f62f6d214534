namespace ModelBuild.Compression.Passes;

/// <summary>Options of a step that may stand for one of several lists of steps. The pipeline compares them, since passes run no other passes.</summary>
internal interface IStepChoice
{
    /// <summary>The lists to compare; null where the step runs as it is.</summary>
    /// <param name="context">With the model before the step.</param>
    /// <exception cref="Diagnostics.CompressionException">The step lacks the data that it needs.</exception>
    StepAlternatives? Alternatives(PassContext context);
}
