using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Options;

namespace ModelBuild.Compression.Passes;

/// <summary>The name of a step, its options, and how the pipeline runs it.</summary>
internal sealed class StepDefinition
{
    private readonly OptionRecord _record;
    private Func<object, IPass>? _createPass;
    private Func<object, ILayerSolver>? _createSolver;
    private Func<object, IContractChange>? _createContractChange;
    private Func<PassContext, object, StepAlternatives?>? _alternatives;
    private Func<object, IReadOnlyList<RecipeStep>>? _completion;

    private StepDefinition(string name, string summary, Type options)
    {
        Name = name;
        Summary = summary;
        OptionsType = options;
        _record = new OptionRecord(options);
    }

    /// <summary>The name of the step in recipes: lower case, words joined by hyphens.</summary>
    public string Name { get; }

    /// <summary>One sentence that describes the step in help texts.</summary>
    public string Summary { get; }

    /// <summary>Whether the step keeps every number at float16's precision or better.</summary>
    public bool IsPrecise { get; private init; }

    /// <summary>The options of the step in the order in which they may be given without a name.</summary>
    public IReadOnlyList<StepOption> Options => _record.Options;

    /// <summary>The type of the record with the step's options. No two steps have the same type.</summary>
    internal Type OptionsType { get; }

    internal WeightUse Weights { get; private init; }

    /// <summary>
    /// Whether the step changes outputs by the rounding of reordered arithmetic at most. A recipe that begins with such a step needs no <c>optimize</c>
    /// before it.
    /// </summary>
    internal bool IsExact { get; private init; }

    /// <summary>Whether the step trains the model. Values that were trained before can replace its work.</summary>
    internal bool Trains { get; private init; }

    /// <summary>Whether the step removes single weights, which stay zero in the steps after it.</summary>
    internal bool LeavesZeros { get; private init; }

    /// <summary>Whether the step changes the values that the model computes but not its size, so that a result need not be smaller than the original.</summary>
    internal bool KeepsSize { get; private init; }

    /// <summary>Whether the step replaces the model by one of its options, so that names in its options are those of the other model.</summary>
    internal bool ReplacesModel { get; private init; }

    /// <summary>
    /// Whether the step gives the model other classes, so that its outputs cannot be compared with those of the original. Results are compared with the model
    /// after this step, and later training steps use that model as the teacher.
    /// </summary>
    internal bool ChangesClasses { get; private init; }

    /// <summary>Whether the step improves the weights of quantized layers. Neighbouring steps of this kind share one sweep through the layers.</summary>
    internal bool SolvesLayers => _createSolver is not null;

    /// <summary>Defines a step whose options are the parameters of the record <typeparamref name="TOptions"/>.</summary>
    internal static StepDefinition Create<TOptions>(
        string name,
        string summary,
        Func<TOptions, IPass> createPass,
        WeightUse weights = WeightUse.Any,
        bool isPrecise = false,
        bool isExact = false,
        bool trains = false,
        bool leavesZeros = false,
        bool replacesModel = false,
        bool keepsSize = false,
        bool changesClasses = false,
        Func<PassContext, TOptions, StepAlternatives?>? alternatives = null,
        Func<TOptions, IReadOnlyList<RecipeStep>>? completion = null
    )
        where TOptions : notnull =>
        new(name, summary, typeof(TOptions))
        {
            Weights = weights,
            IsPrecise = isPrecise,
            IsExact = isExact,
            Trains = trains,
            LeavesZeros = leavesZeros,
            ReplacesModel = replacesModel,
            KeepsSize = keepsSize,
            ChangesClasses = changesClasses,
            _createPass = options => createPass((TOptions)options),
            _alternatives = alternatives is null ? null : (context, options) => alternatives(context, (TOptions)options),
            _completion = completion is null ? null : options => completion((TOptions)options),
        };

    /// <summary>Defines a step that changes the inputs or outputs of the model.</summary>
    /// <param name="name">The name in recipes.</param>
    /// <param name="summary">One sentence for help texts.</param>
    /// <param name="createChange">Creates the change of the inputs and outputs.</param>
    /// <param name="createPass">Creates the pass, which makes this change too.</param>
    /// <param name="weights">How the step uses weights.</param>
    /// <param name="isPrecise">See <see cref="IsPrecise"/>.</param>
    /// <param name="isExact">See <see cref="IsExact"/>.</param>
    /// <param name="trains">See <see cref="Trains"/>.</param>
    /// <param name="changesClasses">See <see cref="ChangesClasses"/>.</param>
    /// <param name="completion">See <see cref="Completion"/>.</param>
    internal static StepDefinition CreateContractChange<TOptions>(
        string name,
        string summary,
        Func<TOptions, IContractChange> createChange,
        Func<TOptions, IContractChange, IPass> createPass,
        WeightUse weights = WeightUse.Any,
        bool isPrecise = false,
        bool isExact = false,
        bool trains = false,
        bool changesClasses = false,
        Func<TOptions, IReadOnlyList<RecipeStep>>? completion = null
    )
        where TOptions : notnull
    {
        var step = Create<TOptions>(
            name,
            summary,
            options => createPass(options, createChange(options)),
            weights,
            isPrecise,
            isExact,
            trains,
            changesClasses: changesClasses,
            completion: completion
        );
        step._createContractChange = options => createChange((TOptions)options);
        return step;
    }

    /// <summary>Defines a step that improves the weights of quantized layers.</summary>
    internal static StepDefinition CreateSolver<TOptions>(string name, string summary, Func<TOptions, ILayerSolver> createSolver)
        where TOptions : notnull => new(name, summary, typeof(TOptions)) { _createSolver = options => createSolver((TOptions)options) };

    /// <summary>Creates the pass of the step.</summary>
    /// <exception cref="InvalidOperationException">The step solves layers: see <see cref="CreateSolver(object)"/>.</exception>
    internal IPass CreatePass(object options) => _createPass?.Invoke(options) ?? throw new InvalidOperationException($"'{Name}' has no pass of its own.");

    /// <summary>Creates the solver that the step applies to each quantized layer.</summary>
    /// <exception cref="InvalidOperationException">The step does not solve layers.</exception>
    internal ILayerSolver CreateSolver(object options) =>
        _createSolver?.Invoke(options) ?? throw new InvalidOperationException($"'{Name}' does not solve layers.");

    /// <summary>Returns the change of the model's inputs and outputs; null if the step does not change them.</summary>
    internal IContractChange? ContractChange(object options) => _createContractChange?.Invoke(options);

    /// <summary>Returns the lists of steps that replace this step, of which the pipeline keeps the best; null if the step runs as it is.</summary>
    /// <param name="context">The model before the step, and its data.</param>
    /// <param name="options">The step's options.</param>
    /// <exception cref="Diagnostics.CompressionException">The step lacks the data that it needs.</exception>
    internal StepAlternatives? Alternatives(PassContext context, object options) => _alternatives?.Invoke(context, options);

    /// <summary>Returns the steps that complete this step. They run after its pass, and their changes belong to the report of this step.</summary>
    internal IReadOnlyList<RecipeStep> Completion(object options) => _completion?.Invoke(options) ?? [];

    internal RecipeStep CreateStep(IReadOnlyDictionary<StepOption, object?> values) => new(this, _record.Create(values));
}
