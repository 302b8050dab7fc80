namespace Transfer.MLNet.Trees.Ensembles;

/// <summary>What a tree model predicts, and by what loss its leaves are moved.</summary>
internal enum TreeTask
{
    /// <summary>The label is the score: squared error.</summary>
    Regression,

    /// <summary>The label's mean is exp(score of the trees), as of a Tweedie model: Poisson deviance.</summary>
    Rate,

    /// <summary>The score gives log odds: logistic loss.</summary>
    Binary,

    /// <summary>The softmax of K scores are probabilities: multinomial loss.</summary>
    Softmax,

    /// <summary>K models of one class against the rest: logistic loss for each.</summary>
    OneVersusAll,

    /// <summary>The score orders the rows of a group: not moved, since labels of a group are no sum of its rows' losses.</summary>
    Ranking,
}
