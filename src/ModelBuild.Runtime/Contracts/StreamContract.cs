namespace ModelBuild.Runtime;

/// <summary>Describes how a model with states is called as a stream: which inputs are states, and how the sizes of the other inputs are determined.</summary>
public sealed class StreamContract
{
    /// <summary>Initializes a new instance of the <see cref="StreamContract"/> class.</summary>
    /// <param name="states">The states. Each output and each input occurs at most once.</param>
    /// <param name="variables">The dynamic dimensions of the inputs, in the order in which they are computed: first those that are set when a stream is
    /// opened, then those that each call sets, then those that follow from the lengths of inputs that are not states.</param>
    public StreamContract(IReadOnlyList<ModelState> states, IReadOnlyList<ShapeVariable> variables)
    {
        States = states;
        Variables = variables;
    }

    /// <summary>Gets the states of the model.</summary>
    public IReadOnlyList<ModelState> States { get; }

    /// <summary>Gets the dynamic dimensions of the inputs, in the order in which they are computed.</summary>
    public IReadOnlyList<ShapeVariable> Variables { get; }
}
