namespace ModelBuild.Runtime;

/// <summary>How a model with states is called as a stream: which inputs the stream keeps, and how the other inputs' sizes become known.</summary>
public sealed class StreamContract
{
    /// <summary>Makes it.</summary>
    /// <param name="states">The states; each output and each input stands once.</param>
    /// <param name="variables">
    /// The inputs' dimensions that are not fixed, in the order in which they become known: first those that are said when a stream is opened, then those that each
    /// call says, then those that follow from lengths of inputs that are no states.
    /// </param>
    public StreamContract(IReadOnlyList<ModelState> states, IReadOnlyList<ShapeVariable> variables)
    {
        States = states;
        Variables = variables;
    }

    /// <summary>The states.</summary>
    public IReadOnlyList<ModelState> States { get; }

    /// <summary>The inputs' dimensions that are not fixed, in the order in which they become known.</summary>
    public IReadOnlyList<ShapeVariable> Variables { get; }
}
