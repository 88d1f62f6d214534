namespace ModelBuild.Runtime;

/// <summary>Represents the signature of a model that a class was generated for. Generated code creates it, and it is immutable.</summary>
public sealed class ModelContract
{
    /// <summary>Initializes a new instance of the <see cref="ModelContract"/> class.</summary>
    /// <param name="name">The full name of the generated class, for messages.</param>
    /// <param name="model">The path of the model file in its project, for messages.</param>
    /// <param name="hash">The hash of the signature: 64 hexadecimal digits, which the metadata of a compressed model contains.</param>
    /// <param name="location">The place where the project deploys the model.</param>
    /// <param name="providers">The execution providers in the order in which they are tried.</param>
    /// <param name="inputs">The inputs in the order of the model.</param>
    /// <param name="outputs">The outputs in the order of the model.</param>
    /// <param name="variables">The dynamic dimensions of the inputs, in the order in which they are computed.</param>
    /// <param name="stages">The places of the stages in order, when the project cuts the model; null when it does not.</param>
    /// <param name="stream">The description of calls as a stream; null for a model without states.</param>
    public ModelContract(
        string name,
        string model,
        string hash,
        ModelLocation location,
        IReadOnlyList<string> providers,
        IReadOnlyList<TensorContract> inputs,
        IReadOnlyList<TensorContract> outputs,
        IReadOnlyList<ShapeVariable> variables,
        IReadOnlyList<string>? stages = null,
        StreamContract? stream = null
    )
    {
        Name = name;
        Model = model;
        Hash = hash;
        Location = location;
        Providers = providers;
        Inputs = inputs;
        Outputs = outputs;
        Variables = variables;
        Stages = stages ?? [];
        Stream = stream;
    }

    /// <summary>Gets the full name of the generated class.</summary>
    public string Name { get; }

    /// <summary>Gets the path of the model file in its project.</summary>
    public string Model { get; }

    /// <summary>Gets the hash of the signature: 64 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Gets the place where the project deploys the model.</summary>
    public ModelLocation Location { get; }

    /// <summary>Gets the execution providers in the order in which they are tried, unless the options set others.</summary>
    public IReadOnlyList<string> Providers { get; }

    /// <summary>Gets the inputs in the order of the model.</summary>
    public IReadOnlyList<TensorContract> Inputs { get; }

    /// <summary>Gets the outputs in the order of the model.</summary>
    public IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>Gets the dynamic dimensions of the inputs, in the order in which they are computed.</summary>
    public IReadOnlyList<ShapeVariable> Variables { get; }

    /// <summary>
    /// Gets the places of the stages in order: relative paths or resource names, like the path of <see cref="Location"/>. The list is empty when the model is
    /// not cut.
    /// </summary>
    public IReadOnlyList<string> Stages { get; }

    /// <summary>Gets the description of calls as a stream; null for a model without states.</summary>
    public StreamContract? Stream { get; }

    /// <summary>Returns the class and its inputs and outputs, one on a line.</summary>
    public override string ToString() =>
        string.Join(
            Environment.NewLine,
            [
                $"{Name} ({Model})",
                .. Inputs.Select(input => $"  input  {input.Name}: {input}"),
                .. Outputs.Select(output => $"  output {output.Name}: {output}"),
            ]
        );
}
