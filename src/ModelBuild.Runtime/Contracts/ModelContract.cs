namespace ModelBuild.Runtime;

/// <summary>A model's signature: what a generated class was generated for. Generated code makes it; it never changes.</summary>
public sealed class ModelContract
{
    /// <summary>Makes a contract.</summary>
    /// <param name="name">The full name of the generated class, for messages.</param>
    /// <param name="model">The model's file in its project, for messages.</param>
    /// <param name="hash">The signature's hash, as compressed models carry it.</param>
    /// <param name="location">Where the project deploys the model.</param>
    /// <param name="providers">The execution providers to try, in order.</param>
    /// <param name="inputs">The inputs in the model's order.</param>
    /// <param name="outputs">The outputs in the model's order.</param>
    /// <param name="variables">The inputs' dimensions that are not fixed, in the order in which they become known.</param>
    /// <param name="stages">Where the project deploys the stages of a model that it cuts, in their order; null for one that is whole.</param>
    /// <param name="stream">How the model is called as a stream; null for one without states.</param>
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

    /// <summary>The full name of the generated class.</summary>
    public string Name { get; }

    /// <summary>The model's file in its project.</summary>
    public string Model { get; }

    /// <summary>The signature's hash: 64 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Where the project deploys the model.</summary>
    public ModelLocation Location { get; }

    /// <summary>The execution providers to try, in order, unless the options say others.</summary>
    public IReadOnlyList<string> Providers { get; }

    /// <summary>The inputs in the model's order.</summary>
    public IReadOnlyList<TensorContract> Inputs { get; }

    /// <summary>The outputs in the model's order.</summary>
    public IReadOnlyList<TensorContract> Outputs { get; }

    /// <summary>The inputs' dimensions that are not fixed, in the order in which they become known.</summary>
    public IReadOnlyList<ShapeVariable> Variables { get; }

    /// <summary>Where the project deploys the stages of a model that it cuts: paths or names of resources, as <see cref="Location"/> is; empty for a model that is whole.</summary>
    public IReadOnlyList<string> Stages { get; }

    /// <summary>How the model is called as a stream; null for one without states.</summary>
    public StreamContract? Stream { get; }

    /// <summary>The class and its tensors, one a line.</summary>
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
